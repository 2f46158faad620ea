DROP TABLE saoma_client_consents;
DROP TABLE saoma_grants;
