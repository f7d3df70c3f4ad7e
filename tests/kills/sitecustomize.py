"""Put on PYTHONPATH, it makes any Python program one that `points` can end."""

from points import install_from_environment

install_from_environment()
