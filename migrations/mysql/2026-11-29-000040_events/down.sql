DROP TABLE IF EXISTS saoma_events;
