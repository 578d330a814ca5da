"""Notices and answers that officers write, and what terminals get of them (通知公告, 知识库)."""
