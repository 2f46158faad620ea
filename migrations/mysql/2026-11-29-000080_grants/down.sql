DROP TABLE IF EXISTS saoma_consents;
DROP TABLE IF EXISTS saoma_grants;
