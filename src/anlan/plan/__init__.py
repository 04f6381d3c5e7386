"""Plan: document → measures → tasks → progress."""
