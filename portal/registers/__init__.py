"""What the state and the municipality already know: people, income and day-care places.

`registers.py` has the bundle and the factory; `people.py`, `income.py` and `places.py` what each register answers;
`embedded.py` the demo data; `http.py` the real client (docs/registers.md); `cpr.py` the number they all ask by.
"""
