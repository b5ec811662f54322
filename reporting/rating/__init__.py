"""评分: asking named reviewers, who has answered, and what their answers come to."""
