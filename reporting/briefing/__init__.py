"""通报: the briefing of a ranking or a month as a Word document in the layout of GB/T 9704-2012.

    sentences  one function for each sentence, pure
    tree       what a briefing is made of: sections, paragraphs, tables
    content    a ranking, frozen or draft, as such a tree
    month      a month's statistics, likewise
    blank      an empty Word package with the styles of official paper
    document   the tree written into it

What the rules of the scheme or the frozen figures do not say is left to the writer.
"""
