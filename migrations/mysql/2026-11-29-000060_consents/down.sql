DROP TABLE IF EXISTS saoma_consents;
