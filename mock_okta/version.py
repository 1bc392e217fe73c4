"""The version of mock_okta, below everything else."""

__all__ = ["__version__"]

__version__ = "0.1.0"
