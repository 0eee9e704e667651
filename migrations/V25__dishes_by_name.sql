-- An import finds each dish by its name: without this it reads the whole category for each.
DROP INDEX dishes_category;
CREATE INDEX dishes_category ON dishes (category_id, name);
