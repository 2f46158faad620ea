-- Whose unionid it is. One that was noted before, also by a node that still runs the version before, is one of
-- the open-platform account that the configuration names when it names none.
ALTER TABLE identities ADD COLUMN open_account TEXT DEFAULT 'default';
ALTER TABLE identities ADD COLUMN unsubscribed_at INTEGER;
DROP INDEX identities_unionid;
-- The unionid comes first, since nodes of the version before look for it alone.
CREATE INDEX identities_union ON identities (unionid, open_account);

-- One-time codes that were claimed before they were used, as SHA-256: the key decides who was first.
CREATE TABLE claims (
    what BLOB PRIMARY KEY NOT NULL,
    claimant BLOB NOT NULL,
    prune_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX claims_prune_at ON claims (prune_at);
