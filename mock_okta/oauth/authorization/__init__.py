"""The parts of /authorize: sources of its parameters, the steps, detours, issuing."""
