-- Words of a doc: what says a thing in few words fits better than what says it among many.
ALTER TABLE docs ADD COLUMN length BIGINT NOT NULL DEFAULT 0;

-- Filters alone, newest first, without a walk through everything.
CREATE INDEX docs_space ON docs (space, id);
CREATE INDEX docs_author ON docs (author, id);
CREATE INDEX docs_pinned ON docs (id) WHERE (has & 32) = 32;

-- Beginnings of up to three letters are kept like words of their own; longer ones are looked up among `terms`.
--sqlite DROP TABLE words;
--sqlite CREATE VIRTUAL TABLE words USING fts5 (text, scope, content='', contentless_delete=1, tokenize='ascii', prefix='1 2 3');
--sqlite CREATE VIRTUAL TABLE terms USING fts5vocab (words, 'instance');

-- An index without all this is begun again.
DELETE FROM meta;
