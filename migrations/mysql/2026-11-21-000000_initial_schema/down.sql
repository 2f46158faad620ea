DROP TABLE IF EXISTS saoma_audit;
DROP TABLE IF EXISTS saoma_messages;
DROP TABLE IF EXISTS saoma_one_time_codes;
DROP TABLE IF EXISTS saoma_sessions;
DROP TABLE IF EXISTS saoma_pending_links;
DROP TABLE IF EXISTS saoma_logins;
DROP TABLE IF EXISTS saoma_identities;
DROP TABLE IF EXISTS saoma_accounts;
