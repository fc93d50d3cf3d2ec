"""From outside into the store: normalise, decide, group into stories, refresh."""
