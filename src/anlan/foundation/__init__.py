"""Foundation: what every room stands on."""
