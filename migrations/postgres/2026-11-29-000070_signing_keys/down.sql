DROP TABLE saoma_signing_keys;
