DROP TABLE IF EXISTS saoma_journal;
