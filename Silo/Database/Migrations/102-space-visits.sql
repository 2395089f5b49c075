-- When a contact last signed in to its space: who comes there is no forgotten contact. It goes with the account.
ALTER TABLE contact_passwords ADD COLUMN signed_in_at timestamptz;
