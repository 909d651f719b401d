-- What the clearing away of files looks for, and what limits uploads, is found without a walk through all files.
CREATE INDEX files_removed ON files (id) WHERE removed = TRUE;
CREATE INDEX files_unused ON files (created_at) WHERE used_as = '';
CREATE INDEX files_pictures ON files (id) WHERE used_as = 'picture';
CREATE INDEX people_picture ON people (picture) WHERE picture IS NOT NULL;
CREATE INDEX spaces_picture ON spaces (picture) WHERE picture IS NOT NULL;
CREATE INDEX uploads_person ON uploads (person);
