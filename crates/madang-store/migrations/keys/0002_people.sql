-- People who were erased, so that a restored house can be told again. Ids, and nothing that anybody wrote.
CREATE TABLE erased_people (
    person BIGINT NOT NULL,
    -- All that they wrote too.
    messages BOOLEAN NOT NULL,
    -- Who erased them.
    erased_by BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (person, messages, at_us)
);
