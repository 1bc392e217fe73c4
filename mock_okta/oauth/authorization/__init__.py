"""What /authorize is made of: where its parameters come from, consent, parking, issuing."""
