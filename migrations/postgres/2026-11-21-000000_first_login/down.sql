DROP TABLE audit;
DROP TABLE sessions;
DROP TABLE logins;
DROP TABLE identities;
DROP TABLE accounts;
