"""The reference pages of the documentation site, generated from the code they describe."""
