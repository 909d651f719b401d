-- What is told of a removed message or a reaction taken back is found without a walk through everybody's activity.
CREATE INDEX activity_message ON activity (space, message);
