-- How the person proved who they are, as the login's row has it.
ALTER TABLE saoma_sessions ADD COLUMN amr VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin;
