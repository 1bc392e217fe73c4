"""What /authorize is made of: where its parameters come from, the walk, detours, issuing."""
