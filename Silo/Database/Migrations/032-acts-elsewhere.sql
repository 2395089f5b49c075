-- What an organisation's people did in another's journal: answering a link is written in the journal of the link, which is its sender's.
CREATE INDEX journal_acts_elsewhere ON journal (actor_organisation, at DESC) WHERE actor_organisation <> organisation AND actor_kind <> 2;
