-- The list of shows is read in this order (Grains/Journal/Alphabetical.cs); the other lists sort what they found.
CREATE INDEX shows_in_order ON shows (organisation, (title COLLATE "fr-x-icu"), id);
