DROP TABLE saoma_audit;
DROP TABLE saoma_messages;
DROP TABLE saoma_one_time_codes;
DROP TABLE saoma_sessions;
DROP TABLE saoma_pending_links;
DROP TABLE saoma_logins;
DROP TABLE saoma_identities;
DROP TABLE saoma_accounts;
