DROP TABLE IF EXISTS saoma_client_consents;
DROP TABLE IF EXISTS saoma_grants;
