ALTER TABLE saoma_sessions DROP COLUMN amr;
