-- By what an organisation classifies its contacts, and what it asks them to consent to.

SELECT create_aggregate('contact_settings');
