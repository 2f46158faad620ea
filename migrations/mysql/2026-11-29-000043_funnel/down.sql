DROP TABLE IF EXISTS saoma_funnel;
