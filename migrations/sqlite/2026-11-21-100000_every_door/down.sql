DROP TABLE claims;
DROP INDEX identities_union;
CREATE INDEX identities_unionid ON identities (unionid);
ALTER TABLE identities DROP COLUMN unsubscribed_at;
ALTER TABLE identities DROP COLUMN open_account;
