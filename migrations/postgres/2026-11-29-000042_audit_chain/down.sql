DROP TABLE saoma_audit_chain;
