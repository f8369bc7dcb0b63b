"""Authorization server and resource protection: FAPI 2.0 client credentials, DPoP, purpose-bound details."""
