DROP TABLE IF EXISTS saoma_merges;
