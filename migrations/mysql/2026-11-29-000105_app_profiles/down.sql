DROP TABLE IF EXISTS saoma_app_profiles;
