"""The shell of the web pages: base templates, navigation, home and static files."""
