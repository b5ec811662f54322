"""From a draft to a document: checked by the units, approved, frozen part by part, chained, and read back.

steps     核对 → 审定 → 发布, each a service through the door
freezing  a draft → its named parts
thawing   the parts → a draft that pages show as they show a live one
chain     what a publication's SHA-256 is taken over
proof     recomputes a publication from its own parts and names whatever no longer fits
"""
