"""Who may do what: accounts, roles held at a unit or over a territory, and rules each room declares once."""
