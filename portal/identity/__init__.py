"""Who is at the door: login by eID, through a broker that speaks OpenID Connect. No Flask in here."""
