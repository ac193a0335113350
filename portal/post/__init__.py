"""Letters out and receipts in.

`memo` is the message (MeMo 1.1 and 1.2), `letters` the words on the page, `pdf` the page as PDF/UA, `compose` the three
together, `channels` what every way of sending looks like, `mailbox` the embedded one. Nothing here knows Flask or SQL.
"""
