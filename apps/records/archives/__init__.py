"""Files: everything about one learner (一人一档) and one class (一期一档), for page, PDF and workbook alike."""
