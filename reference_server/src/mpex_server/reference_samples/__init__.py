"""Reference samples: what relatives gave for comparison with remains; profiles stay at laboratories."""
