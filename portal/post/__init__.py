"""Letters out and receipts in.

`content` is a letter as data, `letters` and `pdf` draw it as PDF/UA, `memo` wraps it for Digital Post (MeMo 1.1 and 1.2),
`channels` is what every way of sending looks like, `mailbox` the embedded one. Nothing here knows Flask or SQL.
"""
