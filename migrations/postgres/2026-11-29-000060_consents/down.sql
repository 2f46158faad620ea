DROP TABLE saoma_consents;
