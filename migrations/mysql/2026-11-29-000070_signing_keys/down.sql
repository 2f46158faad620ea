DROP TABLE IF EXISTS saoma_signing_keys;
