-- The oldest are found without reading all: they are taken away after some months.
CREATE INDEX notifications_at ON notifications (at);
