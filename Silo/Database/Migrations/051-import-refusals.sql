-- A file that can't be read is kept as the reasons why, without its content: its page can be shown again, on any node.
ALTER TABLE import_files
  ALTER COLUMN content DROP NOT NULL,
  ALTER COLUMN mapping DROP NOT NULL,
  ADD COLUMN refusals jsonb,
  ADD CONSTRAINT import_files_read_or_refused CHECK ((refusals IS NULL) = (content IS NOT NULL AND mapping IS NOT NULL));
