"""Who submitted which finished video for review, who approved or rejected it, and when (谁公开、谁审核、谁负责)."""
