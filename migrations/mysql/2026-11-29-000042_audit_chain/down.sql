DROP TABLE IF EXISTS saoma_audit_chain;
