DROP TABLE saoma_consents;
DROP TABLE saoma_grants;
